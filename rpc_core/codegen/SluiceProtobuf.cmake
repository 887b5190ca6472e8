# sluice_protobuf(NAME ROOT dir PROTOS file... [DEPENDS target...]): generated protobuf classes; their warnings are not ours.
function(sluice_protobuf name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOT" "PROTOS;DEPENDS;IMPORTS")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.out)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  set(imports -I ${arg_ROOT})
  foreach(dir ${arg_IMPORTS})
    list(APPEND imports -I ${dir})
  endforeach()
  foreach(proto ${arg_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    add_custom_command(
      OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
      COMMAND protobuf::protoc ${imports} --cpp_out=${out} ${proto}
      DEPENDS ${arg_ROOT}/${proto} protobuf::protoc
      VERBATIM)
    list(APPEND sources ${out}/${stem}.pb.cc)
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} SYSTEM PUBLIC $<BUILD_INTERFACE:${out}>)
  target_compile_options(${name} PRIVATE -w)
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${arg_DEPENDS})
endfunction()
