/** The page that shows a run: results, learning curves, samples, the graph of the labels. */
package io.github.lsgspark.report;
