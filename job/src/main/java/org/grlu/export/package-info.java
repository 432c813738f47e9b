/** A trained network in the formats of others. */
package org.grlu.export;
