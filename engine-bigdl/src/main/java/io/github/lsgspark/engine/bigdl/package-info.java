/**
 * Training with the parameter exchange and the optimiser of BigDL DLlib. No other package knows a
 * type of BigDL.
 */
package io.github.lsgspark.engine.bigdl;
