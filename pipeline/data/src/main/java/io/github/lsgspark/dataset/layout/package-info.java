/** Which files of a folder or archive are samples, of which split and class; opens none of them. */
package io.github.lsgspark.dataset.layout;
