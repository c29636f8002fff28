// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** The archive's bytes, against Python's pickle protocol 2 written out by hand. */
class TorchScriptArchiveTest {

  private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).as(entry.getName()).isEqualTo(ZipEntry.STORED);
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] pickle(Map<String, Object> attributes) throws IOException {
    return unzip(TorchScriptArchive.of("M", "", attributes)).get("decoder/data.pkl");
  }

  /** Latin-1 maps each character to the byte of its number. */
  private static byte[] bytes(String... parts) {
    return String.join("", parts).getBytes(ISO_8859_1);
  }

  @Test
  void holdsFourStoredEntriesUnderOneFolder() throws IOException {
    Map<String, byte[]> entries = unzip(TorchScriptArchive.of("M", "class M: ü", Map.of()));
    assertThat(entries.keySet())
        .containsExactly(
            "decoder/data.pkl",
            "decoder/constants.pkl",
            "decoder/version",
            "decoder/code/__torch__.py");
    assertThat(entries.get("decoder/constants.pkl")).containsExactly(0x80, 2, ')', '.');
    assertThat(entries.get("decoder/version")).asString(UTF_8).isEqualTo("10\n");
    assertThat(entries.get("decoder/code/__torch__.py")).asString(UTF_8).isEqualTo("class M: ü");
  }

  @Test
  void aModuleWithoutAttributesIsAnEmptyDictionary() throws IOException {
    assertThat(pickle(Map.of()))
        .isEqualTo(
            bytes(
                "\u0080\u0002", // PROTO 2
                "c__torch__\nM\n", // GLOBAL
                ")\u0081", // EMPTY_TUPLE NEWOBJ
                "}(", // EMPTY_DICT MARK
                "ub.")); // SETITEMS BUILD STOP
  }

  @Test
  void everyKindOfAttributeIsWritten() throws IOException {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("text", "gelü");
    attributes.put("yes", true);
    attributes.put("no", false);
    attributes.put("count", 258);
    attributes.put("less", -2);
    attributes.put("half", 0.5);
    attributes.put("numbers", List.of(1.0, -2.0));
    attributes.put("counts", List.of(3));
    attributes.put("list", new TorchScriptArchive.Empty("List[int]"));
    attributes.put("dict", new TorchScriptArchive.Empty("Dict[str, Tensor]"));
    assertThat(pickle(attributes))
        .isEqualTo(
            bytes(
                "\u0080\u0002c__torch__\nM\n)\u0081}(",
                "X\u0004\0\0\0text", // BINUNICODE, length little-endian
                "X\u0005\0\0\0gel\u00c3\u00bc",
                "X\u0003\0\0\0yes\u0088", // NEWTRUE
                "X\u0002\0\0\0no\u0089", // NEWFALSE
                "X\u0005\0\0\0countJ\u0002\u0001\0\0", // BININT, little-endian
                "X\u0004\0\0\0lessJ\u00fe\u00ff\u00ff\u00ff",
                "X\u0004\0\0\0halfG?\u00e0\0\0\0\0\0\0", // BINFLOAT, big-endian
                "X\u0007\0\0\0numbersctorch.jit._pickle\nbuild_doublelist\n",
                "(](G?\u00f0\0\0\0\0\0\0G\u00c0\0\0\0\0\0\0\0etR", // MARK [ MARK .. APPENDS
                "X\u0006\0\0\0countsctorch.jit._pickle\nbuild_intlist\n(](J\u0003\0\0\0etR",
                "X\u0004\0\0\0listctorch.jit._pickle\nrestore_type_tag\n",
                "(]X\u0009\0\0\0List[int]tR", // MARK EMPTY_LIST BINUNICODE TUPLE REDUCE
                "X\u0004\0\0\0dictctorch.jit._pickle\nrestore_type_tag\n",
                "(}X\u0011\0\0\0Dict[str, Tensor]tR", // .. EMPTY_DICT ..
                "ub."));
  }

  @Test
  void anAttributeOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> TorchScriptArchive.of("M", "", Map.of("a", 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("attribute of unknown type: 1");
  }

  @Test
  void theSameModuleGivesTheSameAttributesBytes() throws IOException {
    Map<String, Object> attributes = Map.of("a", 1);
    assertThat(pickle(attributes)).isEqualTo(pickle(attributes));
  }
}
