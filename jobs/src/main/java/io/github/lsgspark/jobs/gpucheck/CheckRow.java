package io.github.lsgspark.jobs.gpucheck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One line of the table.
 *
 * @param check what was looked at
 * @param measured a number; empty where there is none
 * @param bound what a number may be at most; empty for one that is only told
 * @param unit of both; empty for relative errors
 * @param seconds that it took
 * @param note one sentence: why it failed or was not run, or what belongs to the number
 */
public record CheckRow(
    String check,
    Result result,
    OptionalDouble measured,
    OptionalDouble bound,
    String unit,
    double seconds,
    String note) {

  private static final String LINE = "%-8s %-46s %11s %9s %7s  %s";

  /** How a check ended. */
  public enum Result {
    PASS,
    FAIL,
    NOT_RUN;

    /** As the table and the JSON have it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** A number with a bound; one that is no number is above every bound. */
  static CheckRow atMost(String check, double measured, double bound, String note) {
    return new CheckRow(
        check,
        measured <= bound ? Result.PASS : Result.FAIL,
        OptionalDouble.of(measured),
        OptionalDouble.of(bound),
        "",
        0,
        note);
  }

  /** A number that is only told. */
  static CheckRow told(String check, double measured, String unit, String note) {
    return new CheckRow(
        check, Result.PASS, OptionalDouble.of(measured), OptionalDouble.empty(), unit, 0, note);
  }

  static CheckRow passed(String check, String note) {
    return plain(check, Result.PASS, note);
  }

  static CheckRow failed(String check, String note) {
    return plain(check, Result.FAIL, note);
  }

  static CheckRow notRun(String check, String reason) {
    return plain(check, Result.NOT_RUN, reason);
  }

  private static CheckRow plain(String check, Result result, String note) {
    return new CheckRow(check, result, OptionalDouble.empty(), OptionalDouble.empty(), "", 0, note);
  }

  CheckRow after(double passed) {
    return new CheckRow(check, result, measured, bound, unit, passed, note);
  }

  /** What stands above the lines of a table. */
  public static String heading() {
    return LINE.formatted("result", "check", "measured", "at most", "seconds", "").stripTrailing();
  }

  /** This row as a line of the table. */
  public String line() {
    return String.format(
            Locale.ROOT,
            LINE,
            result.label(),
            check,
            measured.isPresent() ? number(measured.getAsDouble()) : "",
            bound.isPresent() ? String.format(Locale.ROOT, "%.0e", bound.getAsDouble()) : "",
            String.format(Locale.ROOT, "%.1f", seconds),
            note)
        .stripTrailing();
  }

  /** Number and note, without the check's name. */
  public String sentence() {
    List<String> parts = new ArrayList<>();
    measured.ifPresent(value -> parts.add(number(value)));
    bound.ifPresent(most -> parts.add(String.format(Locale.ROOT, "at most %.0e", most)));
    if (!note.isEmpty()) {
      parts.add(note);
    }
    return String.join(", ", parts);
  }

  private String number(double value) {
    return unit.isEmpty()
        ? String.format(Locale.ROOT, "%.2e", value)
        : String.format(Locale.ROOT, value < 100 ? "%.2f %s" : "%.0f %s", value, unit);
  }

  /** What {@link #json} wrote. */
  static CheckRow of(Map<String, Object> json) {
    String result = String.valueOf(json.get("result"));
    return new CheckRow(
        String.valueOf(json.get("check")),
        Result.valueOf(result.toUpperCase(Locale.ROOT).replace(' ', '_')),
        number(json.get("measured")),
        number(json.get("bound")),
        String.valueOf(json.get("unit")),
        json.get("seconds") instanceof Number seconds ? seconds.doubleValue() : 0,
        String.valueOf(json.get("note")));
  }

  private static OptionalDouble number(Object value) {
    return value instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** This row for programs; a number that is none is null. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("check", check);
    json.put("result", result.label());
    json.put("measured", measured.isPresent() ? measured.getAsDouble() : null);
    json.put("bound", bound.isPresent() ? bound.getAsDouble() : null);
    json.put("unit", unit);
    json.put("seconds", Math.round(1000 * seconds) / 1000.0);
    json.put("note", note);
    return json;
  }
}
