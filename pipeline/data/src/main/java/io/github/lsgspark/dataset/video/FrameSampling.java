package io.github.lsgspark.dataset.video;

import io.github.lsgspark.config.VideoSettings;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which frames of a clip make a view. A clip that is shorter than a dense view begins again after
 * its last frame; uniform views show frames of such a clip several times in a row.
 *
 * @param sampling dense or uniform
 * @param frames T of a view
 */
record FrameSampling(VideoSettings.Sampling sampling, int frames) {

  /**
   * Frames of an evaluation view.
   *
   * @param count frames that the clip has
   * @param view number of the view, from 0
   * @param views that the sample is evaluated by, evenly spaced
   * @return T frames of the clip, in order
   */
  int[] evaluation(int count, int view, int views) {
    if (sampling == VideoSettings.Sampling.UNIFORM) {
      double within = (view + 0.5) / views;
      return each(i -> (int) ((i + within) * count / frames));
    }
    double place = views == 1 ? 0.5 : (double) view / (views - 1);
    return following(count, (int) Math.round(place * last(count)));
  }

  /** Frames of a training view. */
  int[] random(int count, SplittableRandom random) {
    if (sampling == VideoSettings.Sampling.UNIFORM) {
      return each(i -> (int) ((i + random.nextDouble()) * count / frames));
    }
    return following(count, random.nextInt(last(count) + 1));
  }

  /** The last frame that a dense view may start from. */
  private int last(int count) {
    return Math.max(0, count - frames);
  }

  private int[] following(int count, int start) {
    return each(i -> (start + i) % count);
  }

  private int[] each(IntUnaryOperator frame) {
    return IntStream.range(0, frames).map(frame).toArray();
  }
}
