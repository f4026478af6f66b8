package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * @param file one label per line, optionally TAB and a description; empty: class folder names,
 *     sorted
 */
public record LabelSettings(String file) implements Serializable {}
