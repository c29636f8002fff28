// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.gguf;

import dev.w2s.model.files.PositionedFile;
import dev.w2s.model.files.StoredTensor;
import dev.w2s.model.files.TensorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a GGUF file as the model's directory has them: under the model's names, in its
 * order of rows, and as float32 where the file has them quantised. They are decoded while they are
 * read, so that a load never holds more than some kilobytes beside the weights.
 */
final class GgufWeights implements TensorFile {
  private final PositionedFile channel;
  private final Map<String, Picture> pictures;
  private final Map<String, StoredTensor> tensors;

  /**
   * @param channel closed with this
   * @param pictures by the model's names
   */
  GgufWeights(PositionedFile channel, Map<String, Picture> pictures) {
    this.channel = channel;
    this.pictures = pictures;
    Map<String, StoredTensor> named = new LinkedHashMap<>();
    pictures.forEach((name, picture) -> named.put(name, picture.tensor()));
    tensors = Collections.unmodifiableMap(named);
  }

  @Override
  public Path file() {
    return channel.file();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the bytes are not those of whole elements
   */
  @Override
  public void read(StoredTensor tensor, long from, ByteBuffer target) {
    Picture picture = pictures.get(tensor.name());
    if (picture == null) {
      throw new IllegalArgumentException(tensor.name() + " is no tensor of " + file());
    }
    int bytes = picture.elementBytes();
    if (from % bytes != 0 || target.remaining() % bytes != 0) {
      throw new IllegalArgumentException(
          "bytes from %d, %d of them, are no whole elements".formatted(from, target.remaining()));
    }
    ElementReader reader = new ElementReader(channel);
    if (picture.transposed()) {
      readColumns(reader, picture, from / bytes, target);
    } else if (picture.order() == RowOrder.AS_STORED) {
      reader.read(picture, from / bytes, target.remaining() / bytes, target);
    } else {
      readRows(reader, picture, from / bytes, target);
    }
  }

  private static void readRows(
      ElementReader reader, Picture picture, long first, ByteBuffer target) {
    long columns = picture.rowElements();
    long at = first;
    while (target.hasRemaining()) {
      long column = at % columns;
      long count = Math.min(columns - column, target.remaining() / picture.elementBytes());
      reader.read(picture, picture.order().stored(at / columns) * columns + column, count, target);
      at += count;
    }
  }

  /** Of every row of the file the elements that are asked for, each put into its own row. */
  private static void readColumns(
      ElementReader reader, Picture picture, long first, ByteBuffer target) {
    int bytes = picture.elementBytes();
    long width = picture.source().shape().get(0);
    long sourceWidth = picture.source().columns();
    int start = target.position();
    long end = first + target.remaining() / bytes;
    long firstRow = first / width;
    int rows = Math.toIntExact((end + width - 1) / width - firstRow);
    ByteBuffer column = ByteBuffer.allocate(rows * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (long source = 0; source < width; source++) {
      reader.read(picture, source * sourceWidth + firstRow, rows, column.clear());
      for (int row = 0; row < rows; row++) {
        long element = (firstRow + row) * width + source;
        if (element >= first && element < end) {
          int at = start + Math.toIntExact((element - first) * bytes);
          target.put(at, column, row * bytes, bytes);
        }
      }
    }
    target.position(target.limit());
  }

  @Override
  public void close() {
    channel.close();
  }
}
