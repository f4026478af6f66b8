package io.github.lsgspark.head;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * What heads are fitted on.
 *
 * @param rows of all samples that training may see, labelled or not; views of a sample follow each
 *     other within a partition
 * @param classes their names, in the order of the labels
 * @param slices the layers of a row, from the first of the backbone to the last
 */
public record HeadInput(JavaRDD<Features> rows, List<String> classes, List<Slice> slices) {}
