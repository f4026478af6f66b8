package io.github.lsgspark.report.curation;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.curation.SamplePlaces;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.Thumbnail;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** Samples as small pictures with words below them. */
final class Pictures {
  private final SampleSource source;
  private final SamplePlaces places;

  Pictures(Configuration hadoop, Settings settings, SamplePlaces places) {
    this.source = new SampleSource(hadoop, InputSpec.reading(settings));
    this.places = places;
  }

  /**
   * A figure.
   *
   * @param style right or wrong, as in the report
   * @param caption HTML
   * @param hint shown when the pointer rests on it
   */
  String figure(String id, String style, String caption, String hint) {
    return String.format(
        Locale.ROOT,
        "<figure class=\"%s\" title=\"%s\"><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption>"
            + "</figure>%n",
        style,
        Svg.escape(places.of(id) + ": " + hint),
        Thumbnail.dataUri(source.decode(new Sample(id, -1, places.reference(id))).picture()),
        Svg.escape(id),
        caption);
  }
}
