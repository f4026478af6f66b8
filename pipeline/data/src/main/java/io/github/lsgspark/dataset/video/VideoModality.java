package io.github.lsgspark.dataset.video;

import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.VideoSettings;
import io.github.lsgspark.dataset.image.Crop;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.PixelScale;
import io.github.lsgspark.dataset.image.ViewWriter;
import io.github.lsgspark.dataset.media.ClipDecoder;
import io.github.lsgspark.dataset.modality.Clip;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Videos. A view is [3, T, size, size]: T frames, each as a view of a picture is, all cropped,
 * mirrored and changed alike.
 *
 * @param maxBytes a longer file is refused
 * @param size side of the view in pixels
 */
public record VideoModality(
    VideoSettings settings,
    ClipDecoder decoder,
    FrameArchive archive,
    long maxBytes,
    int size,
    PixelScale pixels,
    TrainSettings.AugmentationSettings augmentation)
    implements Modality {

  /** With the limits of a configuration. */
  public static VideoModality of(
      PrepareSettings prepare,
      VideoSettings settings,
      int size,
      PixelScale pixels,
      TrainSettings.AugmentationSettings augmentation) {
    return new VideoModality(
        settings,
        new ClipDecoder(settings, prepare.maxPixels()),
        new FrameArchive(settings, ImageDecoder.of(prepare), prepare.maxFileBytes()),
        prepare.maxFileBytes(),
        size,
        pixels,
        augmentation);
  }

  /** A video file, or a zip of frames; its content tells which, not its name. */
  @Override
  public Clip decode(byte[] encoded) throws UnreadableSampleException {
    if (encoded.length > maxBytes) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_BYTES, encoded.length + " bytes, at most " + maxBytes + " are allowed");
    }
    return FrameArchive.is(encoded) ? archive.decode(encoded) : decoder.decode(encoded);
  }

  @Override
  public long[] shape() {
    return new long[] {3, settings.frames(), size, size};
  }

  @Override
  public int evaluationViews() {
    return settings.clips();
  }

  /**
   * @param viewSeed of the frames, of the crop and of RandAugment; each is drawn once for all
   *     frames
   */
  @Override
  public void write(Decoded sample, ViewKind kind, long viewSeed, FloatBuffer view) {
    Clip clip = (Clip) sample;
    FrameSampling sampling = new FrameSampling(settings.sampling(), settings.frames());
    int count = clip.frames().length;
    int plane = size * size;
    ViewWriter writer =
        new ViewWriter(size, pixels, view, Math.multiplyExact(settings.frames(), plane));
    if (kind == ViewKind.EVALUATION) {
      int[] frames = sampling.evaluation(count, (int) viewSeed, settings.clips());
      Crop crop = pixels.centre(augmentation, clip.size().width(), clip.size().height());
      for (int t = 0; t < frames.length; t++) {
        writer.write(clip.frame(frames[t]), crop, t * plane);
      }
      return;
    }
    SplittableRandom random = new SplittableRandom(viewSeed);
    int[] frames = sampling.random(count, random);
    Crop crop = Crop.random(augmentation, clip.size().width(), clip.size().height(), random);
    long changes = random.nextLong();
    for (int t = 0; t < frames.length; t++) {
      if (kind == ViewKind.WEAK) {
        writer.write(clip.frame(frames[t]), crop, t * plane);
      } else {
        writer.writeChanged(
            clip.frame(frames[t]),
            crop,
            augmentation.randAugment(),
            new SplittableRandom(changes),
            t * plane);
      }
    }
  }
}
