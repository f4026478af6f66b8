package io.github.lsgspark.report.page;

import java.math.BigDecimal;

/**
 * An upright axis of a chart: values from the least to the greatest over pixels from the lower to
 * the upper end, with marks at round values.
 *
 * @param low value at the lower end
 * @param high value at the upper end, above {@code low}
 * @param bottom pixel of the lower end, y downwards
 * @param top pixel of the upper end
 */
public record ValueAxis(double low, double high, double bottom, double top) {
  /** About so many marks. */
  private static final int MARKS = 6;

  /** An axis over some values; a little of 1 where all are equal. */
  public static ValueAxis of(double low, double high, double bottom, double top) {
    return new ValueAxis(low, high > low ? high : low + 1, bottom, top);
  }

  /** The place of a value. */
  public double at(double value) {
    return bottom - (value - low) * scale();
  }

  /** Pixels for a value of 1. */
  public double scale() {
    return (bottom - top) / (high - low);
  }

  /**
   * Draws the marks, each with a line across the chart.
   *
   * @param unit behind each number, such as " %"
   */
  public void draw(Svg svg, double left, double right, String unit) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return;
    }
    BigDecimal step = step((high - low) / MARKS);
    BigDecimal mark = step.multiply(BigDecimal.valueOf((long) Math.ceil(low / step.doubleValue())));
    for (; mark.doubleValue() <= high; mark = mark.add(step)) {
      double place = at(mark.doubleValue());
      svg.line(left, place, right, place, mark.signum() == 0 ? "stroke:#999" : "stroke:#ddd");
      svg.text(left - 6, place + 4, "end", Svg.LABEL, mark.toPlainString() + unit);
    }
  }

  /** The least of 1, 2 and 5 times a power of ten that is as large. */
  private static BigDecimal step(double least) {
    int exponent = (int) Math.floor(Math.log10(least));
    for (int digit : new int[] {1, 2, 5}) {
      BigDecimal step = BigDecimal.valueOf(digit).scaleByPowerOfTen(exponent);
      if (step.doubleValue() >= least) {
        return step;
      }
    }
    return BigDecimal.ONE.scaleByPowerOfTen(exponent + 1);
  }
}
