/** What a tracking server is told of runs. */
package io.github.lsgspark.jobs.tracking;
