/** Nearest neighbours of many vectors on Spark: vectors in blocks, exact and approximate search. */
package io.github.lsgspark.graph.search;
