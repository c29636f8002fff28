// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive in memory: a zip of plain program text and a pickle with the
 * attributes of its one module.
 *
 * <p>Format: PyTorch's {@code torch/csrc/jit/docs/serialization.md}. The pickle is only ever
 * written here, never read: what runs is our own text with a model's facts as attributes.
 */
final class TorchScriptArchive {
  /**
   * Operators as PyTorch has them since 1.12; an older number would give us older gelu and the
   * like.
   */
  private static final String OPERATOR_VERSION = "10\n";

  private static final byte[] EMPTY_TUPLE_PICKLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * An empty container.
   *
   * @param type its declared type, {@code List[...]} or {@code Dict[...]}
   */
  record Empty(String type) {}

  /**
   * Zips a module.
   *
   * @param className the module's class in {@code code}
   * @param code the program text, TorchScript's serialised dialect
   * @param attributes one value per declared attribute: String, Boolean, Integer, Double, {@code
   *     List<Double>}, {@code List<Integer>} with an element or {@link Empty}
   */
  static byte[] of(String className, String code, Map<String, Object> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", pickle(className, attributes));
      store(zip, "constants.pkl", EMPTY_TUPLE_PICKLE);
      store(zip, "version", OPERATOR_VERSION.getBytes(UTF_8));
      store(zip, "code/__torch__.py", code.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** PyTorch reads stored entries only. */
  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("decoder/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] pickle(String className, Map<String, Object> attributes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2}); // protocol 2
    writeGlobal(out, "__torch__", className);
    out.write(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      writeValue(out, attribute.getKey());
      writeValue(out, attribute.getValue());
    }
    out.write(new byte[] {'u', 'b', '.'}); // SETITEMS BUILD STOP
    return bytes.toByteArray();
  }

  private static void writeValue(DataOutputStream out, Object value) throws IOException {
    if (value instanceof String text) {
      byte[] utf8 = text.getBytes(UTF_8);
      out.write('X'); // BINUNICODE
      out.writeInt(Integer.reverseBytes(utf8.length));
      out.write(utf8);
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    } else if (value instanceof Integer number) {
      out.write('J'); // BININT
      out.writeInt(Integer.reverseBytes(number));
    } else if (value instanceof Double number) {
      out.write('G'); // BINFLOAT
      out.writeDouble(number);
    } else if (value instanceof List<?> list) {
      boolean whole = !list.isEmpty() && list.get(0) instanceof Integer;
      writeGlobal(out, "torch.jit._pickle", whole ? "build_intlist" : "build_doublelist");
      out.write(new byte[] {'(', ']', '('}); // MARK EMPTY_LIST MARK
      for (Object item : list) {
        writeValue(out, item);
      }
      out.write(new byte[] {'e', 't', 'R'}); // APPENDS TUPLE REDUCE
    } else if (value instanceof Empty empty) {
      // A pickled container knows no type of its elements; this call gives it the declared one.
      writeGlobal(out, "torch.jit._pickle", "restore_type_tag");
      out.write('('); // MARK
      out.write(empty.type().startsWith("Dict[") ? '}' : ']'); // EMPTY_DICT, EMPTY_LIST
      writeValue(out, empty.type());
      out.write(new byte[] {'t', 'R'}); // TUPLE REDUCE
    } else {
      throw new IllegalArgumentException("attribute of unknown type: " + value);
    }
  }

  private static void writeGlobal(DataOutputStream out, String module, String name)
      throws IOException {
    out.write(("c" + module + "\n" + name + "\n").getBytes(UTF_8));
  }
}
