package io.backgroundjobs.sample;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/**
 * Photos over HTTP.
 */
@RestController
@RequestMapping("/photos")
class PhotoController {

	private final PhotoShelf shelf;

	private final PhotoStore store;

	PhotoController(PhotoShelf shelf, PhotoStore store) {
		this.shelf = shelf;
		this.store = store;
	}

	@PostMapping
	ResponseEntity<PhotoView> add(@RequestPart MultipartFile photo) throws IOException {
		Photo added = this.shelf.add(photo);
		return ResponseEntity.accepted().location(URI.create("/photos/" + added.id())).body(PhotoView.of(added));
	}

	@GetMapping
	List<PhotoView> photos() {
		return this.shelf.photos().stream().map(PhotoView::of).toList();
	}

	@GetMapping("/{id}")
	PhotoView photo(@PathVariable String id) {
		return PhotoView.of(find(id));
	}

	@GetMapping("/{id}/thumbnails/{size}")
	ResponseEntity<Resource> thumbnail(@PathVariable String id, @PathVariable String size) {
		Photo photo = find(id);
		Path file = ThumbnailSize.find(size)
			.map((found) -> this.store.thumbnail(photo, found))
			.filter(Files::exists)
			.orElseThrow(() -> notFound("Photo " + id + " has no thumbnail '" + size + "'."));
		return ResponseEntity.ok()
			.contentType(photo.type().mediaType())
			.cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePrivate())
			.body(new FileSystemResource(file));
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(@PathVariable String id) throws IOException {
		if (!this.shelf.remove(id)) {
			throw notFound("There is no photo " + id + ".");
		}
	}

	private Photo find(String id) {
		return this.shelf.find(id).orElseThrow(() -> notFound("There is no photo " + id + "."));
	}

	private static ResponseStatusException notFound(String detail) {
		return new ResponseStatusException(HttpStatus.NOT_FOUND, detail);
	}

}
