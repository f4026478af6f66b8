/** Readers of benchmarks in the form in which their authors publish them. */
package io.github.lsgspark.dataset.published;
