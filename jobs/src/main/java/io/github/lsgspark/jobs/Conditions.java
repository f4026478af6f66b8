package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import java.util.function.Predicate;

/** Under which conditions settings of several stages count, and values that stand for others. */
final class Conditions {
  /** Begins the name of samples of the program's own making. */
  static final String DRAWN = "drawn:";

  /** Stands for the network of the configuration's pretrain block. */
  static final String PRETRAIN = "pretrain";

  /** Leaves a choice to the machines. */
  static final String AUTO = "AUTO";

  private Conditions() {}

  static Predicate<Settings> of(Modality modality) {
    return all -> all.data().modality() == modality;
  }

  static Predicate<Settings> onGpus() {
    return all -> all.train().device() == TrainSettings.Device.CUDA;
  }
}
