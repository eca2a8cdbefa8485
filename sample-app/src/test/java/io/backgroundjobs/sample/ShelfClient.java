package io.backgroundjobs.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;

/**
 * Talks to a shelf over HTTP, as its users do.
 */
final class ShelfClient {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final RestClient http;

	ShelfClient(int port) {
		this.http = RestClient.builder()
			.baseUrl("http://localhost:" + port)
			.requestFactory(new JdkClientHttpRequestFactory())
			.defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
			})
			.build();
	}

	ResponseEntity<PhotoView> post(byte[] photo) {
		return upload("/photos", "photo", photo, PhotoView.class);
	}

	<T> ResponseEntity<T> upload(String path, String part, byte[] content, Class<T> type) {
		MultiValueMap<String, Object> body = new LinkedMultiValueMap<>();
		body.add(part, new ByteArrayResource(content) {

			@Override
			public String getFilename() {
				return "../of/no/account.txt";
			}

		});
		return this.http.post().uri(path).body(body).exchange((request, response) -> answer(response, type));
	}

	<T> ResponseEntity<T> get(String path, Class<T> type) {
		return this.http.get().uri(path).exchange((request, response) -> answer(response, type));
	}

	PhotoView photo(String id) {
		PhotoView photo = get("/photos/" + id, PhotoView.class).getBody();
		Assertions.assertThat(photo).isNotNull();
		return photo;
	}

	List<PhotoView> photos() {
		return List.of(get("/photos", PhotoView[].class).getBody());
	}

	PhotoView awaitEnd(String id) {
		return Awaitility.await().atMost(PATIENCE).until(() -> photo(id), (photo) -> photo.state().isEnded());
	}

	HttpStatusCode delete(String id) {
		return this.http.delete().uri("/photos/" + id).retrieve().toBodilessEntity().getStatusCode();
	}

	/**
	 * Return one number of a meter, summed over the tags that are not given.
	 */
	double meter(String name, String statistic, String... tags) {
		ResponseEntity<Meter> answer = this.http.get().uri((uri) -> {
			uri.path("/actuator/metrics/" + name);
			for (String tag : tags) {
				uri.queryParam("tag", tag);
			}
			return uri.build();
		}).retrieve().toEntity(Meter.class);
		if (!answer.getStatusCode().is2xxSuccessful()) {
			return 0; // nothing has been counted yet
		}
		return answer.getBody()
			.measurements()
			.stream()
			.filter((measurement) -> measurement.statistic().equals(statistic))
			.mapToDouble(Measurement::value)
			.sum();
	}

	/**
	 * Read the meters as Prometheus does.
	 */
	Scrape scrape() {
		return Scrape.parse(get("/actuator/prometheus", String.class).getBody());
	}

	/**
	 * The body of an error is a problem detail, and nothing that a caller who expects
	 * something else could read.
	 */
	private static <T> ResponseEntity<T> answer(RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response,
			Class<T> type) throws IOException {
		boolean readable = !response.getStatusCode().isError() || type == ProblemDetail.class;
		return ResponseEntity.status(response.getStatusCode())
			.headers(response.getHeaders())
			.body(readable ? response.bodyTo(type) : null);
	}

	static @Nullable String retryAfter(ResponseEntity<?> answer) {
		return answer.getHeaders().getFirst("Retry-After");
	}

	private record Meter(List<Measurement> measurements) {
	}

	private record Measurement(String statistic, double value) {
	}

}
