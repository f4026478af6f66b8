/** What pages are made of: HTML, pictures, numbers with their uncertainty. */
package io.github.lsgspark.report.page;
