// The programs of the image that the engine tests run: one static binary under several names.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	switch filepath.Base(os.Args[0]) {
	case "cat":
		cat(os.Args[1:])
	case "say":
		say(os.Args[1:])
	case "mode":
		mode(os.Args[1])
	default:
		time.Sleep(time.Hour)
	}
}

func cat(paths []string) {
	if len(paths) == 0 {
		io.Copy(os.Stdout, os.Stdin)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Stdout.Write(content)
	}
}

// say writes its arguments, one a line; what starts with "!" goes to stderr.
func say(lines []string) {
	for _, line := range lines {
		if strings.HasPrefix(line, "!") {
			fmt.Fprintln(os.Stderr, line[1:])
		} else {
			fmt.Println(line)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func mode(path string) {
	seen, err := os.Stat(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%o", seen.Mode().Perm())
}
