package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/** Variables of a MATLAB file (level 5), as lists. */
final class MatFile {
  private final String file;
  private final Mat5File content;

  /**
   * @param file what to call it in errors
   * @throws LsgException exit 3 if it is no MATLAB file, or damaged
   */
  MatFile(String file, byte[] bytes) {
    this.file = file;
    try {
      this.content = Mat5.newReader(Sources.wrap(bytes)).disableSubsystemProcessing().readMat();
    } catch (IOException | RuntimeException e) {
      throw LsgException.input(file + ": is no readable MATLAB file: " + e.getMessage(), e);
    }
  }

  /**
   * An element of a struct array.
   *
   * @param place file and element, for errors
   */
  record Row(String place, int number, String text) {}

  /** The texts of a cell array. */
  List<String> texts(String variable) {
    List<String> texts = new ArrayList<>();
    try {
      Cell cell = content.getCell(variable);
      for (int i = 0; i < cell.getNumElements(); i++) {
        texts.add(cell.getChar(i).getString());
      }
    } catch (RuntimeException e) {
      throw wrong(variable, texts.size(), "a text", e);
    }
    return texts;
  }

  /** A field with a number and one with a text, of all elements of a struct array. */
  List<Row> rows(String variable, String number, String text) {
    List<Row> rows = new ArrayList<>();
    try {
      Struct array = content.getStruct(variable);
      for (int i = 0; i < array.getNumElements(); i++) {
        rows.add(
            new Row(
                place(variable, i),
                array.getMatrix(number, i).getInt(0),
                array.getChar(text, i).getString()));
      }
    } catch (RuntimeException e) {
      throw wrong(variable, rows.size(), "a number " + number + " and a text " + text, e);
    }
    return rows;
  }

  private String place(String variable, int element) {
    return file + ": " + variable + "(" + (element + 1) + ")";
  }

  private LsgException wrong(String variable, int element, String what, RuntimeException e) {
    return LsgException.input(
        place(variable, element) + " must have " + what + ": " + e.getMessage(), e);
  }
}
