/**
 * Whether a card computes what the processor computes, how fast, and whether what it needs is
 * there: one small class per kind of check.
 */
package io.github.lsgspark.jobs.gpucheck;
