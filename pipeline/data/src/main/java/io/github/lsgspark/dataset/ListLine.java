package io.github.lsgspark.dataset;

/**
 * What a line of a list says.
 *
 * @param number of the line, from 1
 * @param label empty if it names none
 * @param split empty if it names none
 */
record ListLine(int number, String path, String label, String split) {}
