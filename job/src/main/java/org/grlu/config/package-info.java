/** Reads HOCON into records, with every check. Only this package uses Typesafe Config. */
package org.grlu.config;
