package io.github.lsgspark.torch;

import java.util.Locale;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/**
 * How convolutions are computed on the processor, the fastest first. A processor that hides its
 * caches (in virtual machines) has oneDNN, which computes them, plan with caches of one byte, and
 * then divide by zero: the JVM dies. The last digits of results differ between the modes, as they
 * do between processors.
 */
enum ConvolutionMode {
  /** As libtorch does it. */
  ORDINARY,
  /** By oneDNN with the sizes of caches that it takes where it knows of none. */
  ASSUMED_CACHES,
  /** By libtorch's own code. */
  WITHOUT_ONEDNN;

  /** The name of a mode, to have it without a probe: for probes and benchmarks. */
  static final String PROPERTY = "lsg.convolutions";

  /** As the property and the remembered answer spell it, such as assumed-caches. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<ConvolutionMode> of(String label) {
    for (ConvolutionMode mode : values()) {
      if (mode.label().equals(label)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** Whether this libtorch can be switched to it; it must be loaded. */
  boolean take() {
    return switch (this) {
      case ORDINARY -> true;
      case ASSUMED_CACHES -> OneDnnProcessor.assumeCaches();
      case WITHOUT_ONEDNN -> {
        torch.globalContext().setUserEnabledMkldnn(false);
        yield true;
      }
    };
  }

  /** One line for the log and {@code lsg doctor}. */
  String sentence() {
    return switch (this) {
      case ORDINARY -> "by oneDNN";
      case ASSUMED_CACHES ->
          "processor hides its caches: oneDNN computes with the sizes that it assumes for unknown"
              + " ones";
      case WITHOUT_ONEDNN ->
          "oneDNN dies on this processor: libtorch's own code computes them (slow; bfloat16 very"
              + " slow)";
    };
  }
}
