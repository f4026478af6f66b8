/** What a first configuration is made of: a look at the samples, and what follows from it. */
package io.github.lsgspark.jobs.init;
