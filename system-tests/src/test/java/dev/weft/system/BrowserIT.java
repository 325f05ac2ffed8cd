package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.BoundingBox;
import dev.weft.testing.Requirements;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's page in real browsers, several people at once, each in a browser context of his own. Pictures go to {@code
 * target/screenshots}. Playwright wants all its calls on one thread.
 */
class BrowserIT {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 860;
    private static final int PHONE_WIDTH = 375;
    private static final int PHONE_HEIGHT = 812;

    @RegisterExtension
    private static final Processes PROCESSES = new Processes();

    @TempDir
    private static Path folder;

    private static DemoProcess demo;
    private static Playwright playwright;
    private static Browser browser;

    private final String room = "browsers/" + UUID.randomUUID();
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    @BeforeAll
    static void start() {
        Path chromium = Requirements.chromium();
        demo = PROCESSES.owned(DemoProcess.start(folder.resolve("data")));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void end() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @AfterEach
    void closeContexts(TestInfo test) {
        for (int i = 0; i < contexts.size(); i++) {
            for (Page page : contexts.get(i).pages()) {
                picture(page, test.getTestMethod().orElseThrow().getName() + "-end-" + (i + 1));
            }
            contexts.get(i).close();
        }
        assertThat(faults).as("errors in pages, and requests to elsewhere").isEmpty();
    }

    @Test
    void twoPeopleTypeAtOnceAndOneGoesOfflineAndReturns() {
        Page ada = person(desktop());
        Page bob = person(desktop());
        editor(ada).click();
        ada.keyboard().type("Ada begins. ");
        awaitText(bob, "Ada begins. ");
        editor(bob).click();
        bob.keyboard().press("End");
        // An editor that draws another's cursor just while the browser moves its own puts its own back.
        awaitCursorOf(bob, ada);
        awaitCaretAt("Ada begins. ".length(), bob);

        // Key by key in turn, Ada before the space that she typed, Bob behind it.
        ada.keyboard().press("ArrowLeft");
        awaitCaretAt("Ada begins.".length(), ada);
        for (char digit = '0'; digit <= '9'; digit++) {
            ada.keyboard().type(String.valueOf(digit));
            bob.keyboard().type(String.valueOf((char) (digit - '0' + 'a')));
        }
        awaitText(ada, "Ada begins.0123456789 abcdefghij");
        awaitText(bob, "Ada begins.0123456789 abcdefghij");

        awaitCursorOf(bob, ada);
        awaitCursorOf(ada, bob);
        picture(ada, "two-people");

        offlineSwitch(bob).click();
        awaitState(bob, "disconnected");
        await("Ada sees Bob leave").until(() -> carets(ada).isEmpty());
        contexts.get(1).setOffline(true);
        editor(bob).focus();
        bob.keyboard().press("Control+End");
        bob.keyboard().type(" from the train");
        ada.keyboard().type(" meanwhile");
        assertThat(text(bob)).isEqualTo("Ada begins.0123456789 abcdefghij from the train");
        awaitText(ada, "Ada begins.0123456789 meanwhile abcdefghij");
        picture(bob, "offline");
        contexts.get(1).setOffline(false);
        offlineSwitch(bob).click();
        awaitState(bob, "connected");

        String merged = "Ada begins.0123456789 meanwhile abcdefghij from the train";
        awaitText(ada, merged);
        awaitText(bob, merged);
        editor(bob).focus();
        awaitCursorOf(bob, ada);
    }

    @Test
    void strokesOnTheBoardArriveWhileTheyAreDrawn() {
        Page ada = person(desktop());
        Page bob = person(desktop());
        BoundingBox board = ada.locator("[data-testid=board]").boundingBox();
        double middle = board.y + board.height / 2;

        ada.mouse().move(board.x + 20, middle);
        ada.mouse().down();
        ada.mouse().move(board.x + board.width / 2, middle - 40, new Mouse.MoveOptions().setSteps(20));
        // The pen is still down.
        await("the stroke has begun for Bob").until(() -> strokes(bob) == 1);
        ada.mouse().move(board.x + board.width - 20, middle + 40, new Mouse.MoveOptions().setSteps(20));
        ada.mouse().up();
        for (int i = 0; i < 3; i++) {
            BoundingBox his = bob.locator("[data-testid=board]").boundingBox();
            bob.mouse().move(his.x + 40 + 60 * i, his.y + 40);
            bob.mouse().down();
            bob.mouse().move(his.x + 60 + 60 * i, his.y + his.height - 40, new Mouse.MoveOptions().setSteps(10));
            bob.mouse().up();
        }

        await("both have all strokes").until(() -> strokes(ada) == 4 && strokes(bob) == 4);
        await("and the same document").until(() -> document(ada).equals(document(bob)));
        await("Bob's board shows ink").until(() -> inkedPixels(bob) > 1000);
        picture(bob, "board");
        Page late = person(desktop());
        await("one who comes later has them, too").until(() -> strokes(late) == 4);
    }

    @Test
    void whoMayOnlyReadSeesAllAndCannotType() {
        Page ada = person(desktop());
        Page reader = open(desktop(), "#/" + room + "?read");
        awaitState(reader, "connected");
        editor(ada).click();
        ada.keyboard().type("for you");

        awaitText(reader, "for you");
        assertThat(reader.locator("[data-testid=readonly]").isVisible()).isTrue();
        assertThat(editor(reader).getAttribute("contenteditable")).isEqualTo("false");
        editor(reader).click();
        reader.keyboard().type("x");
        ada.keyboard().type("!");
        awaitText(reader, "for you!");
        assertThat(text(ada)).isEqualTo("for you!");
        picture(reader, "reader");
    }

    @Test
    void onAPhoneNothingIsCutOff() {
        Page ada = person(desktop());
        editor(ada).click();
        ada.keyboard().type("Written at the desk, read on the way.");
        Page phone = person(browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(PHONE_WIDTH, PHONE_HEIGHT)
                .setDeviceScaleFactor(2)
                .setIsMobile(true)
                .setHasTouch(true)));

        awaitText(phone, "Written at the desk, read on the way.");
        assertThat(((Number) phone.evaluate("document.documentElement.scrollWidth")).intValue())
                .as("width of the page")
                .isLessThanOrEqualTo(PHONE_WIDTH);
        picture(phone, "phone");
    }

    private static BrowserContext desktop() {
        return browser.newContext(new Browser.NewContextOptions().setViewportSize(WIDTH, HEIGHT));
    }

    private Page person(BrowserContext context) {
        Page page = open(context, "#/" + room);
        awaitState(page, "connected");
        return page;
    }

    private Page open(BrowserContext context, String hash) {
        contexts.add(context);
        Page page = context.newPage();
        page.onPageError(faults::add);
        page.onRequest(request -> {
            URI uri = URI.create(request.url());
            if (uri.getHost() != null && !uri.getHost().equals("127.0.0.1")) {
                faults.add("request to " + uri);
            }
        });
        page.navigate(demo.page() + hash);
        return page;
    }

    /** What one clicks: the switch that is drawn is the label of the one that counts. */
    private static Locator offlineSwitch(Page page) {
        return page.locator("label:has([data-testid=offline-switch])");
    }

    private static Locator editor(Page page) {
        return page.locator("[data-testid=editor] .ProseMirror");
    }

    private static String text(Page page) {
        return (String) page.evaluate("window.weft.editor.getText()");
    }

    private static void awaitText(Page page, String expected) {
        await("text").untilAsserted(() -> assertThat(text(page)).isEqualTo(expected));
    }

    /** The page's own caret stands behind so many characters of the first line. */
    private static void awaitCaretAt(int characters, Page page) {
        await("caret")
                .untilAsserted(() -> assertThat(page.evaluate("window.weft.editor.state.selection.head - 1"))
                        .isEqualTo(characters));
    }

    private static void awaitState(Page page, String state) {
        await(state)
                .until(() -> state.equals(page.locator("[data-testid=status]").getAttribute("data-state")));
    }

    /** {@code seen}'s cursor stands in {@code viewer}'s editor, with the name. */
    private static void awaitCursorOf(Page seen, Page viewer) {
        String name = (String) seen.evaluate("window.weft.provider.awareness.getLocalState().user.name");
        await(name + "'s cursor").untilAsserted(() -> assertThat(carets(viewer)).containsExactly(name));
    }

    private static List<String> carets(Page page) {
        return page.locator("[data-testid=editor] .caret-label").allTextContents();
    }

    private static int strokes(Page page) {
        return ((Number) page.evaluate("window.weft.strokeCount()")).intValue();
    }

    private static String document(Page page) {
        return (String) page.evaluate("""
                () => JSON.stringify(window.weft.doc.toJSON(), (key, value) =>
                  value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value)
                """);
    }

    private static int inkedPixels(Page page) {
        return ((Number) page.evaluate("""
                        () => {
                          const canvas = document.querySelector('[data-testid=board]');
                          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                          let inked = 0;
                          for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) inked++;
                          return inked;
                        }
                        """)).intValue();
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Checkout.SCREENSHOTS.resolve(name + ".png")));
    }
}
