package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.room.RoomName;
import dev.weft.yjs.Undefined;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YMap;
import dev.weft.yjs.YXmlElement;
import dev.weft.yjs.YXmlText;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentJsonTest {
    @Test
    void rootsAreShownByWhatTheyLookLike() throws IOException {
        YDoc doc = new YDoc();
        doc.getText("body").insert(0, "hello", Map.of("bold", true));
        doc.getXmlFragment("page").push(new YXmlElement("p"));
        ((YXmlElement) doc.getXmlFragment("page").get(0)).push(new YXmlText("ö & 😀"));
        doc.getMap("meta").set("title", "Minutes");
        doc.getMap("meta").set("nothing", Undefined.UNDEFINED);
        doc.getMap("meta").set("odd", Double.NaN);
        doc.getMap("meta").set("nested", new YMap(Map.of("deep", 1.5)));
        doc.getArray("todo").push(1L);
        doc.getArray("todo").push("two");
        doc.getText("blank").insert(0, "x");
        doc.getText("blank").delete(0, 1);

        JsonNode json =
                new ObjectMapper().readTree(DocumentJson.of(new RoomName("a \"room\""), doc.encodeStateAsUpdate()));

        JsonNode expected = new ObjectMapper().readTree("""
                {"room": "a \\"room\\"", "roots": {
                  "blank": {"type": "unknown"},
                  "body": {"type": "text", "text": "hello",
                    "delta": [{"insert": "hello", "attributes": {"bold": true}}]},
                  "meta": {"type": "map",
                    "value": {"title": "Minutes", "nothing": null, "odd": null, "nested": {"deep": 1.5}}},
                  "page": {"type": "xml", "text": "<p>ö & 😀</p>"},
                  "todo": {"type": "array", "value": [1, "two"]}}}
                """);
        assertThat(json).isEqualTo(expected);
    }
}
