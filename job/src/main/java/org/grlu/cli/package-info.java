/** The command line: commands, exit codes, progress. */
package org.grlu.cli;
