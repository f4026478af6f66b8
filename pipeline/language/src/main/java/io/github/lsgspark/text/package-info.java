/** Labels, prompt templates, and the place of the label in a prompt. */
package io.github.lsgspark.text;
