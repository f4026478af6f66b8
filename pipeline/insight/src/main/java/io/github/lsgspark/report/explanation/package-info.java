/** What a method changed against another: confusions, classes, calibration, over several seeds. */
package io.github.lsgspark.report.explanation;
