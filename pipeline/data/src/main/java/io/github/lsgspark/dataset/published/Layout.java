package io.github.lsgspark.dataset.published;

import java.util.List;
import java.util.Map;

/**
 * Where the files of a benchmark lie.
 *
 * @param name of the benchmark
 * @param folders the folder that all paths start from, as seen from {@code data.train}: the first
 *     of these that exists, with a slash at the end; if none does, {@code data.train} itself
 * @param archives names of the archives as downloaded, and the folder that each unpacks to
 * @param contents what there must be, for people
 */
public record Layout(
    String name, List<String> folders, Map<String, String> archives, String contents) {}
