/** What can be known to be wrong before any stage begins: one small class per kind of thing. */
package io.github.lsgspark.jobs.checks;
