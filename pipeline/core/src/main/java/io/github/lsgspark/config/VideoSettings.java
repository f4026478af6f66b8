package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What networks see of videos: a clip of some frames.
 *
 * @param frames T of a view
 * @param sampling which frames make a view
 * @param frameRate frames per second that are kept when a video is opened; dense views have this
 *     distance between their frames
 * @param shortSide pixels that the shorter side of a frame is reduced to when a video is opened;
 *     smaller frames stay as they are
 * @param maxFrames frames of a video that are kept; of a longer one fewer per second
 * @param clips views by which a video is evaluated, evenly spaced
 * @param maxSeconds longer videos are set aside
 * @param hardware a decoder of FFmpeg's, such as cuda or vaapi, that opens the videos; empty: the
 *     processor
 */
public record VideoSettings(
    @Range(min = 1, max = 1024) int frames,
    Sampling sampling,
    @Range(min = 0.01, max = 1000) double frameRate,
    @Range(min = 16, max = 4096) int shortSide,
    @Range(min = 1, max = 100000) int maxFrames,
    @Range(min = 1, max = 1000) int clips,
    @Range(min = 0.05, max = 864000) double maxSeconds,
    String hardware)
    implements Serializable {

  /** Which frames make a view. */
  public enum Sampling {
    /** Frames that follow each other, from a random place in training. */
    DENSE,
    /** One frame of each of T equal parts of the video, a random one in training. */
    UNIFORM
  }
}
