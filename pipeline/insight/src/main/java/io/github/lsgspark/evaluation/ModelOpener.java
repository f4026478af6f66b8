package io.github.lsgspark.evaluation;

import java.io.Serializable;

/** Describes a trained model on the driver, and opens it where samples are scored. */
interface ModelOpener extends Serializable {

  /** Opens the model for one thread of an executor. */
  OpenModel open();
}
