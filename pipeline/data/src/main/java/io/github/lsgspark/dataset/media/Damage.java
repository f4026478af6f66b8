package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;

/**
 * How much of a stream could not be decoded, by the time that it lasts and not by the number of its
 * packets: of a short file a packet of a few odd bytes is a large share of all. A packet that
 * states no time counts as the mean of the others.
 */
final class Damage {

  /** Of the time, at most. */
  private static final double SHARE = 0.05;

  /** The same where it is one packet alone: of a short file each is a large share. */
  private static final double SHARE_OF_ONE = 0.1;

  private double time;
  private double lostTime;
  private long timed;
  private long untimed;
  private long lostUntimed;
  private long lost;
  private double unread;
  private double latest;
  private boolean latestIsLost;

  /**
   * The packet that is decoded now.
   *
   * @param duration in any unit; 0: it does not say
   */
  void packet(double duration) {
    latest = duration;
    latestIsLost = false;
    if (duration > 0) {
      timed++;
      time += duration;
    } else {
      untimed++;
    }
  }

  /** The packet could not be decoded whole; once per packet counts. */
  void lost() {
    if (latestIsLost || timed + untimed == 0) {
      return;
    }
    latestIsLost = true;
    lost++;
    lostTime += Math.max(0, latest);
    lostUntimed += latest > 0 ? 0 : 1;
  }

  /**
   * The file has bytes that no packets came of.
   *
   * @param share of the file
   */
  void unread(double share) {
    unread = share;
  }

  /** Whether every packet could be decoded. */
  boolean isNone() {
    return lost == 0;
  }

  /**
   * @throws UnreadableSampleException DAMAGED if it is too much
   */
  void check() throws UnreadableSampleException {
    if (unread > SHARE) {
      throw new UnreadableSampleException(
          Reason.DAMAGED, "%.0f %% of the file cannot be read".formatted(100 * unread));
    }
    double mean = timed == 0 ? 1 : time / timed;
    double all = time + untimed * mean;
    double share = all == 0 ? 0 : (lostTime + lostUntimed * mean) / all;
    if (share > (lost == 1 ? SHARE_OF_ONE : SHARE)) {
      throw new UnreadableSampleException(
          Reason.DAMAGED,
          "%d of %d packets of the stream cannot be decoded, %.0f %% of it"
              .formatted(lost, timed + untimed, 100 * share));
    }
  }
}
