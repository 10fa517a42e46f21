// A container registry on loopback for tests: serves the images of OCI layouts under the names that are
// written in them, release files below /downloads, and, on request, one fault at a time.
package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	blobs := flag.String("blobs", "", "directory for blobs")
	files := flag.String("files", "", "directory served below /downloads")
	source := flag.String("layout", "", "OCI layout whose images are served")
	// Packing takes time that a test does not have; large layers go as they are.
	packBelow := flag.Int64("pack-below", 1<<25, "layers smaller than this many bytes are packed")
	flag.Parse()

	store := registry.New(registry.WithBlobHandler(registry.NewDiskBlobHandler(*blobs)), registry.Logger(log.New(io.Discard, "", 0)))
	faults := &faulty{next: store}
	mux := http.NewServeMux()
	mux.Handle("/v2/", faults)
	mux.Handle("/elsewhere/", http.StripPrefix("/elsewhere", http.HandlerFunc(faults.elsewhere)))
	mux.Handle("/downloads/", http.StripPrefix("/downloads/", http.FileServer(http.Dir(*files))))
	mux.HandleFunc("/fault", faults.set)
	// Anybody gets a token, as from a public registry.
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"token":"public"}`) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() { must(http.Serve(listener, mux)) }()
	must(fill(listener.Addr().String(), *source, *packBelow))
	fmt.Println(listener.Addr().String())
	select {}
}

func fill(address, source string, packBelow int64) error {
	index, err := layout.ImageIndexFromPath(source)
	if err != nil {
		return err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	for _, entry := range manifest.Manifests {
		image, err := index.Image(entry.Digest)
		if err != nil {
			return err
		}
		_, repository, found := strings.Cut(entry.Annotations["io.containerd.image.name"], "/")
		if !found {
			return fmt.Errorf("%s has no name", entry.Digest)
		}
		if err := push(address+"/"+repository, image, packBelow); err != nil {
			return fmt.Errorf("%s: %w", repository, err)
		}
	}
	return nil
}

// push puts the image behind an index, as publishers of several platforms do.
func push(to string, image v1.Image, packBelow int64) error {
	packed, err := pack(image, packBelow)
	if err != nil {
		return err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return err
	}
	platform := &v1.Platform{OS: config.OS, Architecture: config.Architecture}
	index := mutate.AppendManifests(mutate.IndexMediaType(empty.Index, types.OCIImageIndex),
		mutate.IndexAddendum{Add: packed, Descriptor: v1.Descriptor{Platform: platform}})
	reference, err := name.ParseReference(to, name.Insecure)
	if err != nil {
		return err
	}
	return remote.WriteIndex(reference, index)
}

func pack(image v1.Image, below int64) (v1.Image, error) {
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	made := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	made = mutate.ConfigMediaType(made, types.OCIConfigJSON)
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return nil, err
		}
		addendum := mutate.Addendum{Layer: layer, MediaType: types.OCIUncompressedLayer}
		if size < below {
			packed, err := tarball.LayerFromOpener(layer.Uncompressed, tarball.WithCompressionLevel(gzip.BestSpeed), tarball.WithMediaType(types.OCILayer))
			if err != nil {
				return nil, err
			}
			addendum = mutate.Addendum{Layer: packed, MediaType: types.OCILayer}
		}
		if made, err = mutate.Append(made, addendum); err != nil {
			return nil, err
		}
	}
	original, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config, err := made.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.Config, config.OS, config.Architecture = original.Config, original.OS, original.Architecture
	return mutate.ConfigFile(made, config)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
