/** HOCON to records, with every check. The only code that sees Typesafe Config. */
package org.grlu.config;
