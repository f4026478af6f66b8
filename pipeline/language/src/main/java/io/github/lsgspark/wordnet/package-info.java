/** WordNet 3.0 as a source of class names, their meanings, and a tree over them. */
package io.github.lsgspark.wordnet;
