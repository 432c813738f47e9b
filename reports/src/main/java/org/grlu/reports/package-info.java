/** What runs leave behind: Parquet tables with explicit schemas, and the folder that holds them. */
package org.grlu.reports;
