package io.github.lsgspark.config;

/**
 * @param file one label per line, optionally TAB and a description; empty: class folder names,
 *     sorted
 */
public record LabelSettings(String file) {}
