/** The small web page and the REST interface of {@code lsg serve}. */
package io.github.lsgspark.jobs.serve;
