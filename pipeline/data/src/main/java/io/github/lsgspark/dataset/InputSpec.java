package io.github.lsgspark.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.AudioSettings;
import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.VideoSettings;
import io.github.lsgspark.dataset.audio.AudioModality;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.ImageModality;
import io.github.lsgspark.dataset.image.PixelScale;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.video.VideoModality;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a network sees of samples, as a trained model keeps it: it must be shown the same again,
 * whatever a later configuration says.
 *
 * @param modality what samples are
 * @param imageSize side of views of images and videos in pixels
 * @param normalization how pixels are scaled; never AUTO
 * @param pixels how the file beside the network's weights has it, instead; null: it says nothing
 * @param augmentation of training views; evaluation reads its resize factor
 * @param sound how the file beside the network's weights has sounds, instead of {@code audio};
 *     null: it says nothing
 */
public record InputSpec(
    @JsonProperty("modality") DataSettings.Modality modality,
    @JsonProperty("image_size") int imageSize,
    @JsonProperty("normalization") TrainSettings.Normalization normalization,
    @JsonProperty("augmentation") TrainSettings.AugmentationSettings augmentation,
    @JsonProperty("audio") AudioSettings audio,
    @JsonProperty("video") VideoSettings video,
    @JsonProperty("pixels") @JsonInclude(JsonInclude.Include.NON_NULL) PixelSpec pixels,
    @JsonProperty("sound") @JsonInclude(JsonInclude.Include.NON_NULL) SoundSpec sound)
    implements Serializable {

  /** What a configuration says, with pixels scaled in the given way. */
  public static InputSpec of(Settings settings, TrainSettings.Normalization normalization) {
    TrainSettings train = settings.train();
    return new InputSpec(
        settings.data().modality(),
        train.imageSize(),
        normalization,
        train.augmentation(),
        settings.audio(),
        settings.video(),
        null,
        null);
  }

  /** The same with pixels as a file says, if it does. */
  public InputSpec with(Optional<PixelSpec> given) {
    return new InputSpec(
        modality,
        imageSize,
        normalization,
        augmentation,
        audio,
        video,
        given.orElse(pixels),
        sound);
  }

  /** The same with sounds as a file says, if it does. */
  public InputSpec hearing(Optional<SoundSpec> given) {
    return new InputSpec(
        modality,
        imageSize,
        normalization,
        augmentation,
        audio,
        video,
        pixels,
        given.map(own -> own.lasting(audio.seconds())).orElse(sound));
  }

  private SoundSpec heard() {
    return sound == null ? SoundSpec.of(audio) : sound;
  }

  /** The same with views of another size. */
  public InputSpec ofSize(int side) {
    return new InputSpec(modality, side, normalization, augmentation, audio, video, pixels, sound);
  }

  /** All that decides what is seen of a sample in evaluation, in words. */
  public String seen() {
    String size =
        pixels == null
            ? imageSize + " px, " + normalization + ", resized by " + augmentation.resizeFactor()
            : imageSize + " px, " + pixels;
    return switch (modality) {
      case IMAGE -> size;
      case AUDIO ->
          sound == null
              ? audio.toString()
              : "%s, %d samples, %s, range %s, %s"
                  .formatted(sound, sound.samples(), sound.mel(), sound.range(), audio);
      case VIDEO -> size + ", " + video;
    };
  }

  /** Shape of a network's input without its first dimension. */
  public long[] shape() {
    return switch (modality) {
      case IMAGE -> new long[] {3, imageSize, imageSize};
      case AUDIO -> heard().shape();
      case VIDEO -> new long[] {3, video.frames(), imageSize, imageSize};
    };
  }

  /**
   * How samples become a network's input.
   *
   * @param prepare limits of what is opened
   */
  public Modality open(PrepareSettings prepare) {
    return switch (modality) {
      case IMAGE -> new ImageModality(ImageDecoder.of(prepare), imageSize, scale(), augmentation);
      case AUDIO -> new AudioModality(audio, heard(), prepare.maxFileBytes());
      case VIDEO -> VideoModality.of(prepare, video, imageSize, scale(), augmentation);
    };
  }

  private PixelScale scale() {
    return pixels == null ? PixelScale.of(normalization) : PixelScale.of(pixels);
  }

  /** How samples are checked and shown, where no network sees them. */
  public static Modality reading(Settings settings) {
    return of(settings, TrainSettings.Normalization.IMAGENET).open(settings.prepare());
  }
}
