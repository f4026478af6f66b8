/** Grids of runs: label budgets by methods by seeds, as a table, learning curves and Parquet. */
package io.github.lsgspark.experiment;
