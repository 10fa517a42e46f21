// Command oracle asks Go's crypto/x509 about chains. It reads one JSON question a line and answers
// each with one JSON line: an empty error means that the chain was accepted.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type question struct {
	ID string `json:"id"`
	// DER, leaf first.
	Presented [][]byte `json:"presented"`
	Anchors   [][]byte `json:"anchors"`
	// DNS name or IP address; empty: names are not asked about.
	Host string `json:"host"`
	// Milliseconds since the epoch.
	At int64 `json:"at"`
}

type answer struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, "oracle: reading a question:", err)
			os.Exit(2)
		}
		said := answer{ID: asked.ID}
		if err := verify(asked); err != nil {
			said.Error = err.Error()
		}
		if err := out.Encode(said); err != nil {
			fmt.Fprintln(os.Stderr, "oracle: writing an answer:", err)
			os.Exit(2)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "oracle: reading questions:", err)
		os.Exit(2)
	}
}

func verify(asked question) error {
	leaf, err := x509.ParseCertificate(asked.Presented[0])
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		DNSName:       asked.Host,
		CurrentTime:   time.UnixMilli(asked.At),
		Roots:         pool(asked.Anchors),
		Intermediates: pool(asked.Presented[1:]),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	_, err = leaf.Verify(options)
	return err
}

// What Go cannot parse it does not use, as in a TLS handshake where the peer sent it along.
func pool(list [][]byte) *x509.CertPool {
	certificates := x509.NewCertPool()
	for _, der := range list {
		if certificate, err := x509.ParseCertificate(der); err == nil {
			certificates.AddCert(certificate)
		}
	}
	return certificates
}
