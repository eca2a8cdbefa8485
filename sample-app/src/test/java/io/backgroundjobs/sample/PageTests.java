package io.backgroundjobs.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.core.io.ClassPathResource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page, as far as it can be judged without a browser.
 */
@WebMvcTest(properties = "background-jobs.enabled=false")
class PageTests {

	@Autowired
	private MockMvcTester mvc;

	@MockitoBean
	private PhotoShelf shelf;

	@MockitoBean
	private PhotoStore store;

	@MockitoBean
	private PhotoImporter importer;

	@Test
	void rootShowsThePage() {
		assertThat(this.mvc.get().uri("/")).hasStatusOk().hasForwardedUrl("index.html");
	}

	@ParameterizedTest
	@CsvSource({ "index.html, text/html", "shelf.css, text/css", "shelf.js, text/javascript" })
	void pageNeedsNothingFromOutside(String file, String type) throws IOException {
		assertThat(this.mvc.get().uri("/" + file)).hasStatusOk().hasContentTypeCompatibleWith(type);
		String content = new ClassPathResource("static/" + file).getContentAsString(StandardCharsets.UTF_8);
		assertThat(content.replace("http://www.w3.org/2000/svg", "")).doesNotContainPattern("(?i)https?://")
			.doesNotContainPattern("(?i)(src|href|url\\(|import|fetch\\()\\s*=?\\s*['\"(]*//")
			.doesNotContain("@import");
	}

}
