package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The classes.
 *
 * @param file one label per line, optionally TAB and a description; empty: class folder names,
 *     sorted
 * @param taxonomy what is known of how the classes relate, to judge embeddings by; empty: nothing
 */
public record LabelSettings(@InputPath String file, @InputPath String taxonomy)
    implements Serializable {}
