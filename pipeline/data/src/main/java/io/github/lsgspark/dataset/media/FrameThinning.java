package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Which frames of a video are kept: at most one in each of equal spans of time, the first of it.
 * When too many are held, spans are joined two by two.
 */
final class FrameThinning {
  /** Times are rounded in files: a frame may come this part of a span early. */
  private static final double EARLY = 0.05;

  private final int most;
  private final List<Held> held = new ArrayList<>();
  private final double length;
  private double distance;

  private record Held(double time, DecodedImage frame) {}

  /**
   * @param distance length of a span in seconds
   * @param most frames that are held
   * @param length of the video in seconds, as far as it is known
   */
  FrameThinning(double distance, int most, double length) {
    this.distance = distance;
    this.length = length;
    this.most = most;
  }

  /**
   * Whether a frame is to be kept; if so, there is room for it now.
   *
   * @param time seconds since the first frame; never falls
   */
  boolean wants(double time) {
    while (opensSpan(time) && held.size() == most) {
      if (most == 1) {
        return false;
      }
      distance *= 2;
      List<Held> before = new ArrayList<>(held);
      held.clear();
      before.stream().filter(each -> opensSpan(each.time())).forEach(held::add);
    }
    return opensSpan(time);
  }

  private boolean opensSpan(double time) {
    return held.isEmpty() || span(time) > span(held.get(held.size() - 1).time());
  }

  private long span(double time) {
    long span = (long) Math.floor(time / distance + EARLY);
    // The last frames of a video are not early in a span that would begin at its end.
    return time < length ? Math.min(span, (long) Math.ceil(length / distance - EARLY) - 1) : span;
  }

  void keep(double time, DecodedImage frame) {
    held.add(new Held(time, frame));
  }

  int held() {
    return held.size();
  }

  List<DecodedImage> frames() {
    return held.stream().map(Held::frame).toList();
  }
}
