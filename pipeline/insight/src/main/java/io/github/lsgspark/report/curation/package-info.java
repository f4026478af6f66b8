/** The pages of what lsg audit and lsg select found. */
package io.github.lsgspark.report.curation;
