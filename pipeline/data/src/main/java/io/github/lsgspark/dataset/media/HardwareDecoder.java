package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_is_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_iterate;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_hw_config;
import static org.bytedeco.ffmpeg.global.avutil.AV_HWDEVICE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_copy_props;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_hwdevice_ctx_create;
import static org.bytedeco.ffmpeg.global.avutil.av_hwdevice_find_type_by_name;
import static org.bytedeco.ffmpeg.global.avutil.av_hwdevice_get_type_name;
import static org.bytedeco.ffmpeg.global.avutil.av_hwdevice_iterate_types;
import static org.bytedeco.ffmpeg.global.avutil.av_hwframe_transfer_data;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecHWConfig;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A device that decodes videos, and the place in this JVM's memory that its frames come to. What
 * the device cannot decode, the processor does not decode in its stead. For one thread; the device
 * itself is opened once per JVM.
 */
final class HardwareDecoder implements AutoCloseable {
  private static final Map<String, AVBufferRef> DEVICES = new ConcurrentHashMap<>();

  private final String name;
  private final int type;
  private final AVBufferRef device;
  private final AVFrame fetched = av_frame_alloc();

  private HardwareDecoder(String name, int type, AVBufferRef device) {
    this.name = name;
    this.type = type;
    this.device = device;
  }

  /**
   * Opens a device.
   *
   * @param name as FFmpeg calls its kind, such as cuda or vaapi
   * @throws LsgException exit 2 for a kind that FFmpeg does not know, exit 4 if this machine has no
   *     such device
   */
  static HardwareDecoder open(String name) {
    NativeMedia.load();
    int type = av_hwdevice_find_type_by_name(name);
    if (type == AV_HWDEVICE_TYPE_NONE) {
      throw LsgException.usage(
          "video.hardware = " + name + " is not known; this FFmpeg knows " + kinds());
    }
    return new HardwareDecoder(
        name, type, DEVICES.computeIfAbsent(name, kind -> device(kind, type)));
  }

  private static AVBufferRef device(String name, int type) {
    AVBufferRef device = new AVBufferRef((Pointer) null);
    int code = av_hwdevice_ctx_create(device, type, (String) null, (AVDictionary) null, 0);
    if (code < 0) {
      throw LsgException.environment(
          "video.hardware = " + name + ": no such device here: " + NativeMedia.message(code), null);
    }
    return device;
  }

  private static List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    int type = AV_HWDEVICE_TYPE_NONE;
    while ((type = av_hwdevice_iterate_types(type)) != AV_HWDEVICE_TYPE_NONE) {
      kinds.add(av_hwdevice_get_type_name(type).getString());
    }
    return kinds;
  }

  /** The codec that the device decodes with; null if it has none for the kind of stream. */
  AVCodec codec(int id) {
    try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
      place.put(0, (Pointer) null);
      AVCodec codec;
      while ((codec = av_codec_iterate(place)) != null) {
        if (codec.id() == id && av_codec_is_decoder(codec) != 0 && takes(codec)) {
          return codec;
        }
      }
      return null;
    }
  }

  private boolean takes(AVCodec codec) {
    AVCodecHWConfig config;
    for (int i = 0; (config = avcodec_get_hw_config(codec, i)) != null; i++) {
      boolean byDevice = (config.methods() & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0;
      if (byDevice && config.device_type() == type) {
        return true;
      }
    }
    return false;
  }

  /** Hands the device to a decoder, before it is opened. */
  void prepare(AVCodecContext decoder) {
    decoder.hw_device_ctx(av_buffer_ref(device));
  }

  /**
   * A decoded frame in this JVM's memory, with its times; valid until the next one.
   *
   * @throws UnreadableSampleException if the processor decoded it, or it cannot be fetched
   */
  AVFrame fetched(AVFrame frame) throws UnreadableSampleException {
    if (frame.hw_frames_ctx() == null || frame.hw_frames_ctx().isNull()) {
      throw new UnreadableSampleException(
          Reason.NOT_MEDIA, this + " does not decode this profile or size");
    }
    av_frame_unref(fetched);
    int code = av_hwframe_transfer_data(fetched, frame, 0);
    if (code < 0) {
      throw new UnreadableSampleException(
          Reason.DAMAGED, this + ": a frame cannot be fetched: " + NativeMedia.message(code));
    }
    av_frame_copy_props(fetched, frame);
    return fetched;
  }

  @Override
  public String toString() {
    return "video.hardware = " + name;
  }

  @Override
  public void close() {
    av_frame_free(fetched);
  }
}
