/**
 * The method as stages of spark.ml.
 *
 * <p>Public classes and methods of this package that are marked {@code @since} are stable: within a
 * major version they keep their names, parameters and meaning, and what {@code save} wrote can be
 * loaded by a later version. Whatever is not public, and every other package of the library that is
 * not documented as stable, may change with any version.
 *
 * @since 0.2.0
 */
package io.github.lsgspark.sparkml;
